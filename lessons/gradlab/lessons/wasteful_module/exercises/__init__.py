"""The exercises of lesson 2, one module each."""
