"""What every part needs from the machine it runs on: paths, settings, logs, the clock, standard streams. Nothing else belongs here."""
