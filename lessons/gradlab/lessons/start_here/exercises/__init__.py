"""The exercises of lesson 0, one module each."""
