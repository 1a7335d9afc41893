#if canImport(Glibc)
  internal import CMalloc
#endif

/// The process's heap.
package enum Heap {
  /// Keeps glibc from giving every thread a heap of its own, which then retains the memory that the thread has freed.
  ///
  /// Work on a thousand jobs runs on some ten thousand threads. Call the method before there are threads.
  package static func limitArenas() {
    #if canImport(Glibc)
      _ = mallopt(M_ARENA_MAX, 2)
    #endif
  }
}
