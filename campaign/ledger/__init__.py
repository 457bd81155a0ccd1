"""The ledger of batches: claimed, rendered, printed, posted or void; one live slot a message."""
