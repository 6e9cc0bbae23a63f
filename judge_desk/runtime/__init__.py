"""What every part needs from its machine: paths, settings, logs, clock, standard streams. Nothing else belongs here."""
