"""The preview: the pages as they are now, what is to mend over them, and what mends it."""
