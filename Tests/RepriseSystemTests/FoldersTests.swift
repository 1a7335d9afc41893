import RepriseSystem
import Testing

@Suite("Where Reprise keeps its own things")
struct FoldersTests {
  @Test("the XDG variables are followed, unless they are relative")
  func variables() {
    #expect(Folders.state(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/reprise")
    #expect(Folders.configuration(["XDG_CONFIG_HOME": "/c", "HOME": "/h"]) == "/c/reprise")
    #expect(Folders.cache(["XDG_CACHE_HOME": "relative", "HOME": "/h"]).hasPrefix("/h/"))
    #expect(Folders.state(["HOME": "/h"]).hasPrefix("/h/"))
  }
}
