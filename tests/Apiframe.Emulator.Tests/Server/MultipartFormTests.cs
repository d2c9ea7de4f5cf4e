using System.Linq;
using System.Text;
using Apiframe.Emulator.Server;
using Xunit;

namespace Apiframe.Emulator.Tests.Server;

public sealed class MultipartFormTests
{
    private const string Type = "multipart/form-data; boundary=x";
    private const string Head = "Content-Disposition: form-data; name=\"file\"\r\n\r\n";

    [Theory]
    [InlineData(Type)]
    [InlineData("Multipart/Form-Data;charset=utf-8;BOUNDARY=\"x\"")]
    [InlineData("multipart/form-data; boundary=\"\\x\" ; a=b")]
    public void Reads_the_boundary_with_and_without_quotation_marks(string contentType) =>
        Assert.Equal("file=abc", Read(contentType, $"--x\r\n{Head}abc\r\n--x--\r\n"));

    [Fact]
    public void Reads_a_quoted_boundary_that_contains_parameter_separators() =>
        Assert.Equal("file=abc", Read("multipart/form-data; boundary=\"a;=b c\"", $"--a;=b c\r\n{Head}abc\r\n--a;=b c--"));

    [Theory]
    [InlineData("content-disposition:form-data;name=file\r\n\r\n")]
    [InlineData("Content-Type: image/png\r\nContent-Disposition: form-data; filename=\"a \\\"b\\\"; c.png\"; name=\"file\"\r\n\r\n")]
    [InlineData("Content-Disposition: form-data; name=file; filename=x.png; filename*=utf-8''x.png\r\nX: 1\r\n\r\n")]
    [InlineData("Content-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n")]
    public void Reads_the_name_of_a_field_with_and_without_the_name_of_a_file(string head) =>
        Assert.Equal("file=abc", Read(Type, $"--x\r\n{head}abc\r\n--x--\r\n"));

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\r\n\r\n")]
    [InlineData("a--x--")]
    [InlineData("\r\n-- x\r\n--\r\n")]
    [InlineData("\0\u00ff\n\r")]
    public void Accepts_any_content_that_is_not_the_boundary(string content) =>
        Assert.Equal("file=" + content, Read(Type, $"--x\r\n{Head}{content}\r\n--x--"));

    [Fact]
    public void Reads_fields_in_their_order() => Assert.Equal(
        "a=1&b=2",
        Read(Type, "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=b\r\n\r\n2\r\n--x--\r\n"));

    [Theory]
    [InlineData("")]
    [InlineData("multipart/mixed; boundary=x")]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData("multipart/form-data; boundary=\"x")]
    [InlineData("multipart/form-data; boundary=\"x\"y")]
    [InlineData("multipart/form-data; boundary=x; boundary=x")]
    [InlineData("multipart/form-data; a; boundary=x")]
    [InlineData("multipart/form-data; boundary=y")]
    public void Rejects_another_content_type_or_a_boundary_that_is_not_valid(string contentType) =>
        Assert.Null(Read(contentType, $"--x\r\n{Head}abc\r\n--x--\r\n"));

    [Fact]
    public void Rejects_a_boundary_that_is_too_long()
    {
        var boundary = new string('b', 71);

        Assert.Null(Read("multipart/form-data; boundary=" + boundary, $"--{boundary}\r\n{Head}abc\r\n--{boundary}--\r\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--x")]
    [InlineData("--x\r\n")]
    [InlineData("--x-")]
    [InlineData("--x\n" + Head + "abc\n--x--")]
    [InlineData("\r\n--x\r\n" + Head + "abc\r\n--x--")]
    [InlineData("--x\r\n" + Head + "abc\r\n--x")]
    [InlineData("--x\r\n" + Head + "abc--x--")]
    [InlineData("--x\r\n" + Head + "abc\r\n--xy\r\n--x--")]
    [InlineData("--x\r\n" + Head + "abc\r\n--x--\r\nmore")]
    [InlineData("--x\r\nabc\r\n--x--")]
    [InlineData("--x\r\n\r\nabc\r\n--x--")]
    [InlineData("--x\r\nContent-Type: image/png\r\n\r\nabc\r\n--x--")]
    [InlineData("--x\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--x--")]
    [InlineData("--x\r\nContent-Disposition: attachment; name=file\r\n\r\nabc\r\n--x--")]
    [InlineData("--x\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\nabc\r\n--x--")]
    [InlineData("--x\r\nno header\r\nContent-Disposition: form-data; name=a\r\n\r\nabc\r\n--x--")]
    public void Rejects_a_body_that_does_not_consist_of_fields(string body) => Assert.Null(Read(Type, body));

    /// <summary>Returns the fields in the form name=content.</summary>
    private static string? Read(string contentType, string body) =>
        MultipartForm.Read(contentType, Encoding.Latin1.GetBytes(body)) is { } parts
            ? string.Join('&', parts.Select(part => part.Name + "=" + Encoding.Latin1.GetString(part.Content)))
            : null;
}
