"""Contests for a post: open vacancies and own applications for a judge, applications and sheets for the panel."""
