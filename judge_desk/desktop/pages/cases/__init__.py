"""Cases: where is the one I want?"""
