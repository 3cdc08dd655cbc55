"""Channels, the public form, the registration desk."""
