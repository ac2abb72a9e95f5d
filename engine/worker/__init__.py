"""Carries out the jobs that commits have left behind."""
