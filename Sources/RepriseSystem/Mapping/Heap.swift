#if canImport(Glibc)
  internal import CMalloc
#endif

/// The process's heap.
public enum Heap {
  /// Keeps glibc from giving every thread a heap of its own, which then holds on to what the thread has freed: work on a
  /// thousand jobs runs on some ten thousand threads. Call it before there are threads.
  public static func limitArenas() {
    #if canImport(Glibc)
      _ = mallopt(M_ARENA_MAX, 2)
    #endif
  }
}
