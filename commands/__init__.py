"""The commands of build.py, each in the module of its name; they parse, call campaign/ and print."""
