"""From approved messages to a printed sheet: type, packing, imposition, drawing, proof."""
