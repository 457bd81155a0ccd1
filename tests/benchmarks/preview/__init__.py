"""How long an editor waits: from a save to the new words on the screen."""
