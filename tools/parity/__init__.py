"""Compares Duel's training with the published script's in PyTorch: the parts of tools/compare_pytorch."""
