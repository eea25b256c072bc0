"""Compares Duel's training with PyTorch's: the parts of tools/compare_pytorch."""
