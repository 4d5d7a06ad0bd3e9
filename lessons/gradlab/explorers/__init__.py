"""What a reader can play with: one module a lesson, one function an explorer, each one call in a notebook."""
