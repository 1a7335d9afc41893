#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The properties of the terminal at stderr.
enum Terminal {
  /// Width in columns, 80 if unknown.
  static var columns: Int {
    var size = winsize()
    guard unsafe ioctl(CommandContext.current.messages, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 80
    }
    return Int(size.ws_col)
  }
}
