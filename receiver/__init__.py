"""The only code on the internet: takes messages and webhooks, and serves the staff desk; see `app`."""
