"""How long a thousand pages take, beside a generator that many use."""
