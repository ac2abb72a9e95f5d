"""How the proof of soundness sees a diagram: its graph, made smaller, played with tokens."""
