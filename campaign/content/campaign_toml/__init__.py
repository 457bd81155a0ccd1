"""campaign.toml: a file for each table, with its keys, defaults and limits; `toml_…` read any such file."""
