"""Folders and feeds as systems: a local folder, SFTP, WebDAV, S3 or FTP, read from and written to."""
