"""What tests stand on: servers, tools, and readers of what was made."""
