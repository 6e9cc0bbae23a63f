"""Today: what must I not miss?"""
