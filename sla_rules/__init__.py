"""The rules of an agreement between Marketing and Sales: pure, told the time, no input or output."""
