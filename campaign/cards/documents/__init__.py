"""What is printed beside the cards: the cover of a batch, the calibration sheet, the keepsake."""
