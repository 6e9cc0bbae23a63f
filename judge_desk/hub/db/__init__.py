"""The hub's tables, its transactions and its migrations, alike over SQLite and PostgreSQL."""
