import RepriseLocalService
import Synchronization

/// A message that is shown once in a run, when the event it announces happens.
final class Announcement: Sendable {
  private let text: Mutex<String?>

  /// Creates an announcement.
  ///
  /// - Parameter text: The message; `nil` for none.
  init(_ text: String?) { self.text = Mutex(text) }

  /// Returns the message on the first call, and `nil` afterwards.
  func take() -> String? {
    text.withLock { text in
      defer { text = nil }
      return text
    }
  }
}

/// A receiver that forwards the engine's notes on covers as soon as there is a view for them.
final class NoteReceiver: Sendable {
  private let handler = Mutex<(@Sendable (CoverNotes) -> Void)?>(nil)

  func receive(_ handler: @escaping @Sendable (CoverNotes) -> Void) { self.handler.withLock { $0 = handler } }

  func note(_ notes: CoverNotes) { handler.withLock { $0 }?(notes) }
}
