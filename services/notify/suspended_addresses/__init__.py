"""Addresses of mail that do not exist, as bounces said: no mails are sent there until somebody says otherwise."""
