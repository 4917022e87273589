// A .NET client of the service: the proxy class is made by `wsdl` from the served description, as a Web Connector's was.
// It walks through every operation and one whole session, and ends with 1 at the first thing that is not as it should be.
using System;
using System.Collections.Generic;
using System.Text;
using System.Web.Services.Protocols;
using System.Xml;

public static class Session
{
    private const int RoundsMax = 60;
    private static int checks;

    public static int Main(string[] arguments)
    {
        try
        {
            var service = new QBWebConnectorSvc { Url = arguments[0], Timeout = 30000 };
            Strangers(service);
            Passwords(service, arguments[1], arguments[2]);
            Whole(service, arguments[1], arguments[2]);
            Console.WriteLine(checks + " checks");
            return 0;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            return 1;
        }
    }

    private static void Check(bool holds, string what)
    {
        checks++;
        if (!holds) throw new InvalidOperationException("not as it should be: " + what);
    }

    private static void Strangers(QBWebConnectorSvc service)
    {
        const string unknown = "no such ticket";
        Check(service.serverVersion().StartsWith("Counterfoil "), "serverVersion");
        Check(service.clientVersion("2.3.0.215") == "", "clientVersion is empty, not null");
        Check(service.sendRequestXML(unknown, "", "", "US", 13, 0) == "", "sendRequestXML for an unknown ticket");
        Check(service.receiveResponseXML(unknown, "", "0x80040400", "parse error") < 0, "receiveResponseXML for an unknown ticket");
        Check(service.connectionError(unknown, null, null) == "done", "connectionError, with absent parameters");
        Check(!string.IsNullOrEmpty(service.getLastError(unknown)), "getLastError");
        Check(!string.IsNullOrEmpty(service.closeConnection(unknown)), "closeConnection");
        Check(service.getInteractiveURL(unknown, "x") == "", "getInteractiveURL");
        Check(service.isInteractiveDone(unknown) == "DONE", "isInteractiveDone");
        Check(service.interactiveDone(unknown) == "DONE", "interactiveDone");
        Check(!string.IsNullOrEmpty(service.interactiveRejected(unknown, "closed")), "interactiveRejected");
    }

    private static void Passwords(QBWebConnectorSvc service, string user, string password)
    {
        var refused = service.authenticate(user, password + "x");
        Check(refused.Length == 4 && refused[1] == "nvu", "a wrong password is nvu");
        refused = service.authenticate(null, "");
        Check(refused.Length == 4 && refused[1] == "nvu", "no user at all is nvu");
    }

    private static void Whole(QBWebConnectorSvc service, string user, string password)
    {
        var granted = service.authenticate(user, password);
        Check(granted.Length == 4 && granted[0].Length >= 20 && granted[1] == "", "the right password gets a ticket");
        var ticket = granted[0];
        var company = Answer("<HostQueryRq requestID='0'/><CompanyQueryRq requestID='1'/>");
        int percent = 0, rounds = 0;
        while (percent < 100)
        {
            Check(rounds++ < RoundsMax, "the session comes to an end");
            var request = service.sendRequestXML(ticket, company, "C:\\Books\\Müller & Söhne.qbw", "US", 16, 0);
            company = "";
            if (request == "") break;
            Check(request.Contains("<?qbxml version=\"13.0\"?>"), "a request names its version");
            var next = service.receiveResponseXML(ticket, Respond(request), "", "");
            Check(next >= percent && next <= 100, "progress never falls: " + next + " after " + percent);
            percent = next;
        }
        Check(percent == 100, "everything is done: " + service.getLastError(ticket));
        Check(service.closeConnection(ticket).StartsWith("OK"), "closeConnection");
    }

    private static string Respond(string request)
    {
        var document = new XmlDocument { XmlResolver = null };
        document.LoadXml(request);
        return Answer(document.SelectSingleNode("/QBXML/QBXMLMsgsRq").InnerXml);
    }

    // Says what the host and the company are, and of everything else that there is none.
    private static string Answer(string requests)
    {
        var document = new XmlDocument { XmlResolver = null };
        document.LoadXml("<r>" + requests + "</r>");
        var known = new Dictionary<string, string>
        {
            { "HostQueryRq", "<HostRet><ProductName>QuickBooks</ProductName><SupportedQBXMLVersion>13.0</SupportedQBXMLVersion></HostRet>" },
            { "CompanyQueryRq", "<CompanyRet><CompanyName>M&#252;ller &amp; S&#246;hne</CompanyName></CompanyRet>" },
        };
        var text = new StringBuilder("<?xml version=\"1.0\" ?>\n<QBXML><QBXMLMsgsRs>");
        foreach (XmlElement one in document.DocumentElement.ChildNodes)
        {
            var found = known.ContainsKey(one.Name) ? known[one.Name] : "";
            var name = one.Name.Substring(0, one.Name.Length - 2) + "Rs";
            var status = found == "" ? "1" : "0";
            var iterator = one.HasAttribute("iterator") ? " iteratorRemainingCount=\"0\" iteratorID=\"{11111111-2222-3333-4444-555555555555}\"" : "";
            text.Append("<" + name + " requestID=\"" + one.GetAttribute("requestID") + "\" statusCode=\"" + status
                + "\" statusSeverity=\"Info\" statusMessage=\"said\"" + iterator + ">" + found + "</" + name + ">");
        }
        return text.Append("</QBXMLMsgsRs></QBXML>").ToString();
    }
}
