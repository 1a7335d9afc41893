import RepriseLocalService
import Synchronization

/// A sentence that is said once in a run, when what it tells of really happens.
final class Announcement: Sendable {
  private let text: Mutex<String?>

  /// - Parameter text: nil where there is nothing to say.
  init(_ text: String?) { self.text = Mutex(text) }

  /// The sentence, the first time.
  func take() -> String? {
    text.withLock { text in
      defer { text = nil }
      return text
    }
  }
}

/// Hands on what the engine says of covers, once somebody is there to show it.
final class NoteReceiver: Sendable {
  private let handler = Mutex<(@Sendable (CoverNotes) -> Void)?>(nil)

  func receive(_ handler: @escaping @Sendable (CoverNotes) -> Void) { self.handler.withLock { $0 = handler } }

  func note(_ notes: CoverNotes) { handler.withLock { $0 }?(notes) }
}
