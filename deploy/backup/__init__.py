"""Everything that an installation keeps, in one folder: the five databases with their files and indexes, the streams
with each service's place on them, and a manifest with the SHA-256 of all.

A stream is taken before the databases. So what a service has finished by the stream it has in its database too; what a
database knows beyond the stream, its service tells again (`sent`), with the same ids, when it starts.
"""
