"""The commands of build.py, a module for each kind of work; they parse, call campaign/ and print."""
