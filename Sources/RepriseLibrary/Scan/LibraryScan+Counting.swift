extension LibraryScan {
  /// How many files are below the folders that were named, without looking at any; blocks.
  ///
  /// - Parameter check: called for every file; throws to give up.
  /// - Returns: nil where there are lists, which can be read but once.
  public func countFiles(check: () throws -> Void) throws -> Int? {
    guard lists.isEmpty else { return nil }
    let list = try PathList()
    try list.add(paths)
    var inputs = ScanInputs(list, rules: rules, leftOut: leftOut)
    var count = 0
    while let step = try inputs.next() {
      try check()
      if case .file = step { count += 1 }
    }
    return count
  }
}
