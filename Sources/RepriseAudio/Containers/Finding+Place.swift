extension Finding {
  /// Returns the finding about a stream with its offsets in the file that wraps the stream.
  func moved(_ place: (Int) -> Int) -> Finding {
    guard case .mp3(let finding) = self else { return self }
    switch finding {
    case .lastFrameCut(let offset): return .mp3(.lastFrameCut(offset: place(offset)))
    case .garbageBetween(let bytes, let offset, let seconds):
      return .mp3(.garbageBetween(bytes: bytes, offset: place(offset), seconds: seconds))
    case .zerosBetween(let bytes, let offset, let seconds):
      return .mp3(.zerosBetween(bytes: bytes, offset: place(offset), seconds: seconds))
    case .garbageBehind(let bytes, let offset): return .mp3(.garbageBehind(bytes: bytes, offset: place(offset)))
    case .tagsBetween(let bytes, let contents, let offset):
      return .mp3(.tagsBetween(bytes: bytes, contents, offset: place(offset)))
    default: return self
    }
  }
}
