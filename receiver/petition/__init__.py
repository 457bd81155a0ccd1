"""The petition's webhooks."""
