#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The maximum number of open descriptors of this process (`RLIMIT_NOFILE`); every connection is one.
package enum OpenFileLimit {
  /// Raises the soft limit to the hard limit, as servers do; the limit is unchanged if that is refused.
  ///
  /// The function must be called only by programs that do not use `select(2)`, which does not support descriptors above
  /// 1023.
  ///
  /// - Returns: The limit in force afterwards.
  @discardableResult
  package static func raise() -> UInt64 {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0 else { return 0 }
    var wanted = limit
    wanted.rlim_cur = limit.rlim_max
    #if !canImport(Glibc)
      // setrlimit(2) on macOS: no more than OPEN_MAX, even where the hard limit says infinity.
      wanted.rlim_cur = min(wanted.rlim_cur, rlim_t(OPEN_MAX))
    #endif
    guard wanted.rlim_cur > limit.rlim_cur, unsafe setrlimit(resource, &wanted) == 0 else {
      return UInt64(limit.rlim_cur)
    }
    return UInt64(wanted.rlim_cur)
  }
}
