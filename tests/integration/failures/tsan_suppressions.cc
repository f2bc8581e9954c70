// Read by ThreadSanitizer where there is one. How often an exception is referred to is counted in
// libstdc++.so, out of its sight: when a future's reader has looked at the exception and the thread
// that made the promise then drops it last, the two seem unordered.
extern "C" const char* __tsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __tsan_default_suppressions() {
  return "race:std::__exception_ptr::__dest_thunk\n";
}
