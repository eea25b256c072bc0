// The header of all tests comes before this: tests/CMakeLists.txt.
int main() {}
