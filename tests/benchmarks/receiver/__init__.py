"""How fast the receiver stores messages, beside a peer on the same machine under the same load."""
