"""An answer and its marks are explained to the student who asks."""
