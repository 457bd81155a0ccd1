"""The same cards made with what a group would use instead, each as its makers would have it used."""
