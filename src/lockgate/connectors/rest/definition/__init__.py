"""What a definition says: its form, how it is read and checked, and the JSON Schema for editors."""
