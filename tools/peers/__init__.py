"""Parts of tools/compare_peers. Only pytorch_peer.py, a program of its own, imports PyTorch."""
