"""What staff are called, so that people read names and not how somebody signs in."""
