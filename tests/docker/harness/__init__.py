"""What the tests in real Docker are written with: import `case` for the whole of it."""
