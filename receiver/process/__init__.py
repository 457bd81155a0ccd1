"""The process that serves the receiver: how it starts, is stopped, and tidies up."""
