"""SQL: rows of one table or view of a relational database, in and out."""
