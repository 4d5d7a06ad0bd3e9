"""The exercises of lesson 5, one module each."""
