import Foundation
import TestSupport
import Testing

/// The answer to `Runtime.evaluate`.
private struct Evaluated<Value: Decodable>: Decodable {
  struct Remote: Decodable { let value: Value? }
  let result: Remote
}

/// A person's actions on a page, and their visible results.
extension Browser {
  /// Opens a file and waits until it has loaded.
  func open(_ path: String) async throws {
    try await send("Page.navigate", ["url": URL(fileURLWithPath: path).absoluteString])
    try await wait(until: "location.protocol === 'file:' && document.readyState === 'complete'")
  }

  /// Evaluates an expression in the page; its value is passed as JSON.
  func value<Value: Decodable>(_ expression: String) async throws -> Value {
    let answer: Evaluated<String> = try await send(
      "Runtime.evaluate", ["expression": "JSON.stringify(\(expression))", "returnByValue": true])
    guard let text = answer.result.value else { throw Failure(description: "\(expression) has no value") }
    return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  /// Looks until an expression is true, for ten seconds.
  func wait(until expression: String) async throws {
    try await eventually(within: .seconds(10), expression) { try await value("!!(\(expression))") }
  }

  /// Waits until what was done has been painted.
  func settle() async throws {
    let _: Evaluated<Bool> = try await send(
      "Runtime.evaluate",
      [
        "expression": "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))",
        "awaitPromise": true, "returnByValue": true,
      ])
  }

  /// Moves the mouse to the middle of the first element that a selector finds, and clicks.
  func click(_ selector: String) async throws {
    let found = "document.querySelector(\(try quoted(selector)))"
    let middle: [Double] = try await value(
      """
      (() => { const e = \(found); e.scrollIntoView({ block: "nearest" }); const r = e.getBoundingClientRect();
      const x = r.left + r.width / 2, y = r.top + r.height / 2; const hit = document.elementFromPoint(x, y);
      return e === hit || e.contains(hit) ? [x, y] : []; })()
      """)
    try #require(middle.count == 2, "\(selector) is covered by something else, so it can't be clicked")
    for type in ["mouseMoved", "mousePressed", "mouseReleased"] {
      try await send(
        "Input.dispatchMouseEvent",
        [
          "type": type, "x": middle[0], "y": middle[1], "button": type == "mouseMoved" ? "none" : "left",
          "clickCount": type == "mouseMoved" ? 0 : 1,
        ])
    }
    try await settle()
  }

  /// Types a text, key by key.
  func type(_ text: String) async throws {
    for character in text {
      let key = String(character)
      try await send("Input.dispatchKeyEvent", ["type": "keyDown", "key": key, "text": key])
      try await send("Input.dispatchKeyEvent", ["type": "keyUp", "key": key])
    }
    try await settle()
  }

  /// Presses a key that has a name, such as ArrowDown or Tab.
  func press(_ key: String, code: Int) async throws {
    var down: [String: any Sendable] = ["type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code]
    if key == "Enter" { down["text"] = "\r" }
    try await send("Input.dispatchKeyEvent", down)
    try await send(
      "Input.dispatchKeyEvent", ["type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code])
    try await settle()
  }

  /// The texts of a column's cells that are in the document, from the top; columns count from 1.
  func column(_ number: Int) async throws -> [String] {
    try await value(
      "[...document.querySelectorAll('#rows td:nth-child(\(number))')].map(cell => cell.textContent.trim())")
  }

  /// The text of the first element that a selector finds.
  func text(_ selector: String) async throws -> String {
    try await value("document.querySelector(\(try quoted(selector))).innerText")
  }

  private func quoted(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }
}
