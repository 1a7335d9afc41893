#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the terminal at stderr is like.
enum Terminal {
  /// Its width in characters, 80 if it doesn't say.
  static var columns: Int {
    var size = winsize()
    guard unsafe ioctl(CommandContext.current.words, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
