using Apiframe.NanoBanana.Binding;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class CellListTests
{
    [Theory]
    [InlineData("a;b", "a", "b")]
    [InlineData(" a ;; b;", "a", "b")]
    [InlineData("https://a.example/1.png ; l1.jpg", "https://a.example/1.png", "l1.jpg")]
    [InlineData("https://a.example/1.png;l1.jpg", "https://a.example/1.png", "l1.jpg")]
    [InlineData("l1.jpg;https://a.example/1.png", "l1.jpg", "https://a.example/1.png")]
    [InlineData("https://a.example/1.png;", "https://a.example/1.png")]
    [InlineData("https://a.example/1.png;;https://a.example/2.png", "https://a.example/1.png", "https://a.example/2.png")]
    [InlineData("https://a.example/1.png;/photos/a=b.png", "https://a.example/1.png", "/photos/a=b.png")]
    [InlineData(" ; ")]
    public void A_semicolon_separates_the_parts_of_a_cell(string cell, params string[] parts) => Assert.Equal(parts, CellList.Parts(cell));

    [Theory]
    [InlineData("https://a.example/1.png?a=1;b=2", "https://a.example/1.png?a=1;b=2")]
    [InlineData("https://a.example/1.png?a=1&amp;b=2", "https://a.example/1.png?a=1&amp;b=2")]
    [InlineData("https://a.example/1.png;v=2;https://a.example/2.png?x=1", "https://a.example/1.png;v=2", "https://a.example/2.png?x=1")]
    public void A_semicolon_before_a_name_and_a_value_belongs_to_the_URL(string cell, params string[] parts) => Assert.Equal(parts, CellList.Parts(cell));
}
