"""Hearings: when do I sit, and is everything ready?"""
