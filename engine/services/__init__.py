"""One public function is one request of one actor in one transaction."""
